// "Print this page" stands in the place of a sentence where there is a script to do it.
(() => {
  const sentence = document.querySelector("[data-print-by-hand]");
  const button = document.querySelector("button[data-print]");
  if (!sentence || !button) return;

  button.addEventListener("click", () => print());
  button.hidden = false;
  sentence.hidden = true;
})();
