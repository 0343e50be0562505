// Copies code and PIN together, where the browser allows it, and says that it did.

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const said = button.nextElementSibling;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      button.hidden = true; // not allowed here; the slip can still be read and written down
      return;
    }
    said.hidden = false;
    said.textContent = button.dataset.done;
  });
}
