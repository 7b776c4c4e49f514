/** An attachment for a button and what it opened: tells when the keyboard has gone elsewhere, so that nothing hides where it is. */
export function onLeave(close: () => void): (node: HTMLElement) => () => void {
  return (node) => {
    const out = (event: FocusEvent) => {
      if (event.relatedTarget instanceof Node && !node.contains(event.relatedTarget)) close();
    };
    node.addEventListener("focusout", out);
    return () => node.removeEventListener("focusout", out);
  };
}
