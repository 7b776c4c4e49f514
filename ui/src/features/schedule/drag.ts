/** A card under the pointer: tells where it hovers, and where it is let go. A short press stays a click. */

interface Drag {
  event: PointerEvent;
  /** The columns' elements, in order. */
  columns: HTMLElement[];
  begin: () => void;
  /** Whether its lower edge was taken hold of, which alone moves then. */
  edge: boolean;
  /** Pixels from the column's top to where the card's top, or its edge, would be. */
  hover: (column: number, y: number) => void;
  drop: () => void;
  cancel: () => void;
}

/** Pixels before a press becomes a drag. */
const SLACK = 5;

/** Pixels of a card that are its lower edge. */
const EDGE = 6;

export function isEdge(event: PointerEvent): boolean {
  return (event.currentTarget as HTMLElement).getBoundingClientRect().bottom - event.clientY <= EDGE;
}

export function startDrag({ event, columns, edge, begin, hover, drop, cancel }: Drag): void {
  if (event.button !== 0) return;
  const card = event.currentTarget as HTMLElement;
  const box = card.getBoundingClientRect();
  const grabbedAt = event.clientY - (edge ? box.bottom : box.top);
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
    window.removeEventListener("pointermove", move);
    window.removeEventListener("pointerup", up);
    window.removeEventListener("pointercancel", abort);
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

  // At its edge the pointer is off the card before it has gone far enough to be a drag.
  window.addEventListener("pointermove", move);
  window.addEventListener("pointerup", up);
  window.addEventListener("pointercancel", abort);
  window.addEventListener("keydown", escape, true);
}
