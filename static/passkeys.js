// Passkeys of staff: asks the browser for one, or to make one, and sends its answer with the form around the button.

const REASONS = {
  InvalidStateError: "There is a passkey for this account on this device already.",
  NotAllowedError: "No passkey was used. Try again, or use a code.",
  SecurityError: "Passkeys work at the main address of this site only.",
};

async function answer({ passkey, make }) {
  const options = JSON.parse(passkey);
  const found = make === undefined
    ? await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(options) })
    : await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(options) });
  return JSON.stringify(found.toJSON());
}

// What is older knows passkeys in another way, and has codes as before.
if (window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
  for (const place of document.querySelectorAll("[data-passkey]")) {
    const [button, said, field] = ["button", "[role=status]", "[data-passkey-answer]"].map(one => place.querySelector(one));
    place.hidden = false;
    // Back shows a form as it was sent; and whoever types a code means the code.
    const forget = () => { field.value = ""; };
    window.addEventListener("pageshow", forget);
    button.form.querySelector("[name=code]")?.addEventListener("input", forget);
    button.addEventListener("click", async () => {
      if (!button.form.reportValidity()) {
        return;
      }
      said.textContent = "";
      try {
        field.value = await answer(place.dataset);
        button.form.requestSubmit();
      } catch (error) {
        said.textContent = REASONS[error.name] ?? "Your browser could not use a passkey. Use a code.";
      }
    });
  }
  document.querySelectorAll("[data-without-passkeys]").forEach(words => { words.hidden = true; });
}
