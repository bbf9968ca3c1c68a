// Puts a pop-up beside its button, above it where there is no room below; fixed, so that no scrolling box clips it.

const GAP = 4;
const EDGE = 8;

export function place(popup, anchor, { alignRight = false, width = 0 } = {}) {
  popup.style.position = "fixed";
  popup.style.minWidth = width ? `${width}px` : "";
  // Measured as wide as what it holds: between two edges it would be as wide as the window.
  popup.style.right = popup.style.bottom = "auto";
  const box = anchor.getBoundingClientRect();
  const { offsetWidth, offsetHeight } = popup;
  const below = window.innerHeight - box.bottom - EDGE;
  const top = below >= offsetHeight || below >= box.top ? box.bottom + GAP : box.top - GAP - offsetHeight;
  const left = alignRight ? box.right - offsetWidth : box.left;
  popup.style.top = `${Math.max(EDGE, top)}px`;
  popup.style.left = `${Math.max(EDGE, Math.min(left, window.innerWidth - offsetWidth - EDGE))}px`;
}
