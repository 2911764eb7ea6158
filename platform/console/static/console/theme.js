// Before the first paint: the theme this person chose, if she chose one.
(() => {
  let theme = null;
  try {
    theme = localStorage.getItem("ilima-theme");
  } catch {
    /* no storage: the system's theme stands */
  }
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
})();
