// The private code is printed or copied by a button where there is a script to do it; it can always be written down.
(() => {
  const code = document.querySelector("[data-code] .code");
  const print = document.querySelector("button[data-print]");
  const copy = document.querySelector("button[data-copy]");
  const copied = document.querySelector("[data-copied]");
  if (!code || !print || !copy || !copied) return;

  const groups = () => code.textContent.trim().replace(/\s+/g, " ");
  const tell = () => { copied.textContent = copied.dataset.copied; };

  print.addEventListener("click", () => window.print());
  print.hidden = false;
  if (!navigator.clipboard) return;
  copy.addEventListener("click", () => navigator.clipboard.writeText(groups()).then(tell, () => { copy.hidden = true; }));
  copy.hidden = false;
})();
