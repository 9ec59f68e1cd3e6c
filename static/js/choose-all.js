// The box in the head of a list chooses every row of the page, and shows when some or all are chosen.
(() => {
  const all = document.querySelector("[data-choose-all]");
  if (!all) return;
  const boxes = [...all.closest("table").querySelectorAll("tbody [type=checkbox]")];

  const show = () => {
    const chosen = boxes.filter((box) => box.checked).length;
    all.checked = chosen === boxes.length;
    all.indeterminate = chosen > 0 && !all.checked;
  };

  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
  });
  for (const box of boxes) box.addEventListener("change", show);
  show(); // the browser keeps ticks when one comes back
})();
