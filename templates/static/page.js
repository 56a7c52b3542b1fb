// Small comforts; every page works without them. `/` goes to the search box, "Copy" copies what it stands beside.
document.addEventListener("keydown", (event) => {
  const typing = /** @type {Element} */ (event.target).closest("input, textarea, select, [contenteditable]");
  const box = /** @type {HTMLInputElement} */ (document.querySelector("input[type=search]"));
  if (event.key !== "/" || typing || !box || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  box.focus();
  box.select();
});
const copied = document.currentScript?.dataset.copied ?? "Copied";
if (navigator.clipboard) {
  for (const button of /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll("button[data-copy]"))) {
    const words = button.textContent;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const text = document.getElementById(button.dataset.copy ?? "")?.innerText ?? "";
      await navigator.clipboard.writeText(text.trim());
      button.textContent = copied;
      setTimeout(() => { button.textContent = words; }, 2000);
    });
  }
}
