// Dialogs are the browser's <dialog>.
//   <button data-dialog="ID">       opens it (the server may fill it: hx-get on the same button)
//   <button data-dialog-close>      closes the one it stands in
//   data-confirm="Delete 3 leads?"  on a form or a button: asks once before it acts;
//   data-confirm-yes="Delete"       names the answer. Works for htmx and plain forms.

const ask = document.getElementById("confirm");
const agreed = new WeakSet();

function open(dialog) {
  if (dialog.open) return;
  dialog.showModal();
  const first = "input:not([type=hidden]), select, textarea";
  (dialog.querySelector("[autofocus]") ?? dialog.querySelector(first))?.focus();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-dialog]");
  if (opener) {
    const dialog = document.getElementById(opener.dataset.dialog);
    if (dialog instanceof HTMLDialogElement) {
      event.preventDefault();
      open(dialog);
    }
    return;
  }
  if (event.target.closest?.("[data-dialog-close]"))
    event.target.closest("dialog")?.close();
  else if (event.target instanceof HTMLDialogElement) closeOutside(event);
});

// A form that came back with errors is shown again, wherever it came from: the page or
// an answer that was swapped in (data-open on its dialog).
function openAgain() {
  for (const dialog of document.querySelectorAll("dialog[data-open]")) {
    delete dialog.dataset.open;
    open(dialog);
    dialog.querySelector("[aria-invalid=true]")?.focus();
  }
}

// Done: what was asked in a dialog was answered without errors.
function closeAnswered({ detail: { ctx } }) {
  const dialog = ctx.sourceElement?.closest?.("dialog[open]");
  if (!dialog || ctx.response?.status >= 300) return;
  dialog.close();
}

document.addEventListener("htmx:after:swap", (event) => {
  closeAnswered(event);
  openAgain();
});
openAgain();

// A click beside the dialog closes it, unless somebody has typed into it.
function closeOutside(event) {
  const box = event.target.getBoundingClientRect();
  const inside =
    event.clientX >= box.left &&
    event.clientX <= box.right &&
    event.clientY >= box.top &&
    event.clientY <= box.bottom;
  const typed = [...event.target.querySelectorAll("input, textarea")].some(
    (field) => field.value !== field.defaultValue,
  );
  if (!inside && !typed) event.target.close();
}

// An answer may say that its dialog is done:  HX-Trigger: ui:close
document.addEventListener("ui:close", ({ target }) => {
  (target.closest?.("dialog") ?? document.querySelector("dialog[open]"))?.close();
});

function confirmFirst(event, element, act) {
  if (agreed.has(element)) {
    agreed.delete(element);
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  ask.querySelector("[data-confirm-text]").textContent = element.dataset.confirm;
  const yes = ask.querySelector("[data-confirm-answer]");
  yes.textContent = element.dataset.confirmYes || yes.dataset.text;
  ask.returnValue = "";
  ask.addEventListener(
    "close",
    () => {
      if (ask.returnValue !== "yes") return;
      agreed.add(element);
      act();
    },
    { once: true },
  );
  ask.showModal();
}

if (ask) {
  document.addEventListener(
    "submit",
    (event) => {
      const { submitter } = event;
      const form = event.target;
      const element = submitter?.dataset.confirm ? submitter : form;
      if (!element.dataset.confirm) return;
      confirmFirst(event, element, () => form.requestSubmit(submitter));
    },
    true,
  );
  document.addEventListener(
    "click",
    (event) => {
      const element = event.target.closest?.("[data-confirm]");
      // A form's own button is asked at submit, after its fields were checked.
      if (!element || element.tagName === "FORM" || element.form) return;
      confirmFirst(event, element, () => element.click());
    },
    true,
  );
}
