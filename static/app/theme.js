// Light, dark or as the system says. Kept in a cookie so that the server renders the
// choice and no page flashes. <button data-theme-set="dark">

const YEAR = 60 * 60 * 24 * 365;
const html = document.documentElement;

function remember(name, value) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${name}=${value}; path=/; max-age=${YEAR}; samesite=lax${secure}`;
}

function choose(theme) {
  remember("theme", theme);
  if (theme === "auto") delete html.dataset.bsTheme;
  else html.dataset.bsTheme = theme;
  mark(theme);
  document.dispatchEvent(new CustomEvent("ui:theme"));
}

function mark(theme) {
  for (const button of document.querySelectorAll("[data-theme-set]"))
    button.setAttribute("aria-pressed", String(button.dataset.themeSet === theme));
}

mark(html.dataset.bsTheme ?? "auto");

document.addEventListener("click", ({ target }) => {
  const button = target.closest?.("[data-theme-set]");
  if (button) choose(button.dataset.themeSet);
});

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () =>
  document.dispatchEvent(new CustomEvent("ui:theme")),
);
