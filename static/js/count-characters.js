// How many characters are left, as the server counts them; said when the writing rests, so that no screen reader is kept
// busy. Nothing is cut: what is too long comes back with its words.
(() => {
  const REST = 700; // milliseconds
  for (const told of document.querySelectorAll("[data-longest]")) {
    const field = told.parentElement.querySelector("textarea");
    let waiting;
    const tell = () => {
      const left = told.dataset.longest - [...field.value.trim().normalize("NFC")].length;
      const words = left < 0 ? told.dataset.over : told.dataset.left;
      told.textContent = words.replace("{count}", Math.abs(left));
    };
    field.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(tell, REST);
    });
    if (field.value) tell();
  }
})();
