import { createAttachmentKey } from "svelte/attachments";
import type { DOMAttributes } from "svelte/elements";

/**
 * What makes a platform's dialog a modal: it takes the keyboard and gives it back, and closes with Esc or a click beside it.
 *
 * The key is answered in its own event. The platform's word that a dialog closed comes later: who types on finds the page
 * without its dialog by then, and would lose the keyboard again.
 */
export function modal(onclose: () => void): DOMAttributes<HTMLDialogElement> {
  function leave(event: Event): void {
    event.preventDefault();
    event.stopPropagation();
    onclose();
  }
  return {
    [createAttachmentKey()]: hold,
    onkeydown: (event) => event.key === "Escape" && !event.defaultPrevented && leave(event),
    oncancel: (event) => event.target === event.currentTarget && leave(event),
    onpointerdown: (event) => event.target === event.currentTarget && onclose(),
  };
}

function hold(dialog: HTMLDialogElement): () => void {
  const before = document.activeElement;
  dialog.showModal();
  return () => {
    dialog.close();
    if (before instanceof HTMLElement && before.isConnected) before.focus();
  };
}
