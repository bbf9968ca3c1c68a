// Says what Slack says when an app does not answer, at the place where the person acted.

function show(box, text) {
  box.querySelector("span").textContent = text;
  box.hidden = false;
}

export function complain(near, text) {
  const place = near?.closest(".modal:not(dialog), .message, .home, .thread, .pane") ?? document;
  const box = place.querySelector(".modal-complaint, .complaint-line, .composer-complaint");
  if (!box) return;
  // Beside the block where it happened: the end of a long message may be out of sight.
  if (box.matches(".complaint-line")) near.closest(".block")?.after(box);
  show(box, text);
}

export function forgive(near) {
  const place = near?.closest(".modal:not(dialog), .message, .home, .thread, .pane");
  const box = place?.querySelector(".modal-complaint, .complaint-line, .composer-complaint");
  if (box) box.hidden = true;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-dismiss]");
  if (button) button.parentElement.hidden = true;
});
