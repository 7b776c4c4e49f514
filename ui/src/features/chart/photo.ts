/** Dots on each side of a photo that is kept. */
const SIDE = 200;
/** A larger file is no snapshot, and would take the page's memory. */
const MOST = 30_000_000;

/**
 * The middle of a picture, small, as base64 of a JPEG; null for what is no picture. Drawn anew, so that nothing else that the file
 * carries (place, camera, another picture) is kept.
 */
export async function smallPhoto(file: Blob): Promise<string | null> {
  if (file.size > MOST) return null;
  const picture = await createImageBitmap(file).catch(() => null);
  if (!picture) return null;
  const [from, side] = [Math.min(picture.width, picture.height), Math.min(SIDE, picture.width, picture.height)];
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  canvas.getContext("2d")?.drawImage(picture, (picture.width - from) / 2, (picture.height - from) / 2, from, from, 0, 0, side, side);
  picture.close();
  return canvas.toDataURL("image/jpeg", 0.85).split(",")[1] ?? null;
}
