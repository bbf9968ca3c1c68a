// The confirm object: asks first, in a dialog of its own.

const dialog = document.getElementById("confirm");

export function confirmed(element) {
  if (!element.dataset.confirm) return Promise.resolve(true);
  const asked = JSON.parse(element.dataset.confirm);
  const agree = dialog.querySelector("[data-agree]");
  const deny = dialog.querySelector("[data-deny]");
  // The server rendered and escaped these.
  dialog.querySelector("h1").innerHTML = asked.title;
  dialog.querySelector(".text").innerHTML = asked.text;
  agree.innerHTML = asked.confirm;
  deny.innerHTML = asked.deny;
  agree.className = `btn btn-${asked.style === "danger" ? "danger" : "primary"}`;
  dialog.returnValue = "";
  dialog.showModal();
  agree.focus();
  return new Promise((resolve) => {
    agree.onclick = () => dialog.close("yes");
    deny.onclick = () => dialog.close("");
    dialog.onclose = () => resolve(dialog.returnValue === "yes");
  });
}
