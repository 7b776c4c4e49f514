/**
 * Keeps the day's cards that lie whole beneath `over` from being drawn, until what is returned is called or the window's size
 * changes: nobody sees them there, and each letter typed into `over` would paint them all again.
 */
export function hideBeneath(over: Element): () => void {
  const box = over.getBoundingClientRect();
  const covered = [...document.querySelectorAll<HTMLElement>("[data-card]")].filter((card) => {
    const { left, top, right, bottom } = card.getBoundingClientRect();
    return left >= box.left && right <= box.right && top >= box.top && bottom <= box.bottom;
  });
  for (const card of covered) card.style.visibility = "hidden";
  function show(): void {
    for (const card of covered) card.style.visibility = "";
    removeEventListener("resize", show);
  }
  addEventListener("resize", show);
  return show;
}
