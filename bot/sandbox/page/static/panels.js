// The side bar on a phone, and the drawer that shows what happens under the hood.

const drawer = document.getElementById("drawer");
const sidebarButton = document.querySelector("[data-sidebar]");

function toggleDrawer(open = drawer.hidden) {
  drawer.hidden = !open;
  document.querySelector(".rail [data-drawer]").setAttribute("aria-expanded", String(open));
  sessionStorage.setItem("drawer", open ? "1" : "");
}

function toggleSidebar(open) {
  document.body.classList.toggle("show-sidebar", open);
  sidebarButton.setAttribute("aria-expanded", String(open));
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-drawer]")) toggleDrawer();
  if (event.target.closest("[data-sidebar]")) toggleSidebar(!document.body.classList.contains("show-sidebar"));
  else if (!event.target.closest(".sidebar")) toggleSidebar(false);
});

document.addEventListener("keydown", (event) => {
  const typing = event.target.matches?.("input, textarea");
  if (event.key === "?" && !typing) toggleDrawer();
});

if (sessionStorage.getItem("drawer")) toggleDrawer(true);
