// Two kindnesses for forms: the error summary is where one starts after a failed send, and a second
// press on the button does not send twice (the server refuses it anyway, by the form's key).

document.querySelector("[data-focus]")?.focus();

for (const form of document.querySelectorAll('form[method="post"]')) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
  });
}

// Back from the next page: the form may be sent again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
