/** A card under the pointer: tells where it hovers, and where it is let go. A short press stays a click. */

interface Drag {
  event: PointerEvent;
  /** The columns' elements, in order. */
  columns: HTMLElement[];
  begin: () => void;
  /** Pixels from the column's top to where the card's top would be. */
  hover: (column: number, y: number) => void;
  drop: () => void;
  cancel: () => void;
}

/** Pixels before a press becomes a drag. */
const SLACK = 5;

export function startDrag({ event, columns, begin, hover, drop, cancel }: Drag): void {
  if (event.button !== 0) return;
  const card = event.currentTarget as HTMLElement;
  const grabbedAt = event.clientY - card.getBoundingClientRect().top;
  let begun = false;
  let frame = 0;
  let last = event;

  function follow(): void {
    frame = 0;
    const boxes = columns.map((column) => column.getBoundingClientRect());
    const over = boxes.findIndex((box) => last.clientX >= box.left && last.clientX < box.right);
    const box = boxes[over];
    if (box) hover(over, last.clientY - grabbedAt - box.top);
  }

  function move(next: PointerEvent): void {
    last = next;
    if (!begun && Math.hypot(next.clientX - event.clientX, next.clientY - event.clientY) < SLACK) return;
    if (!begun) {
      begun = true;
      card.setPointerCapture(event.pointerId);
      begin();
    }
    frame ||= requestAnimationFrame(follow);
  }

  function stop(): void {
    cancelAnimationFrame(frame);
    card.removeEventListener("pointermove", move);
    card.removeEventListener("pointerup", up);
    card.removeEventListener("pointercancel", abort);
    window.removeEventListener("keydown", escape, true);
  }

  function up(): void {
    stop();
    if (!begun) return;
    follow();
    // The release of a drag is no click on the card.
    card.addEventListener("click", (click) => click.stopImmediatePropagation(), { capture: true, once: true });
    drop();
  }

  function abort(): void {
    stop();
    if (begun) cancel();
  }

  function escape(key: KeyboardEvent): void {
    if (key.key !== "Escape" || !begun) return;
    key.stopPropagation();
    abort();
  }

  card.addEventListener("pointermove", move);
  card.addEventListener("pointerup", up);
  card.addEventListener("pointercancel", abort);
  window.addEventListener("keydown", escape, true);
}
