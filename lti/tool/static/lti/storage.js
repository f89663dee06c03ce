// Leaves the secret of a login with the LMS, or asks for it again, where the browser keeps no cookies of ours in the
// LMS's frame (1EdTech: LTI OIDC Login with LTI Client Side postMessages; LTI postMessage Storage). Only answers from
// the site of the LMS's own login count. Without an answer the way by a new window appears, which is also what stands
// here without this script.

const PATIENCE = 3000; // milliseconds; an LMS that keeps things for tools answers in a few

const page = document.querySelector("[data-storage]");
const { storage, origin, key, value, onward } = page.dataset;
const recall = document.querySelector("form[data-recall]");

function show(isBusy) {
  for (const part of document.querySelectorAll("[data-busy]")) part.hidden = !isBusy;
  for (const part of document.querySelectorAll("[data-otherwise]")) part.hidden = isBusy;
}

function keeper() {
  const lms = window.parent === window ? window.opener : window.parent;
  if (!lms || storage === "_parent") return lms;
  try {
    return lms.frames[storage] ?? lms;
  } catch {
    return lms;
  }
}

function ask(subject, message) {
  return new Promise((answered, failed) => {
    const lms = keeper();
    if (!lms) return failed();
    const id = crypto.randomUUID();
    setTimeout(failed, PATIENCE);
    window.addEventListener("message", ({ origin: from, data }) => {
      if (from !== origin || data?.message_id !== id || data.subject !== `${subject}.response`) return;
      if (data.error) failed();
      else answered(data);
    });
    lms.postMessage({ subject, message_id: id, ...message }, origin);
  });
}

async function leave() {
  await ask("lti.put_data", { key, value });
  location.replace(onward);
}

async function fetchBack() {
  const { value: kept } = await ask("lti.get_data", { key });
  if (typeof kept !== "string") throw new Error("nothing kept");
  recall.elements.kept.value = kept;
  recall.submit();
}

show(true);
(recall ? fetchBack() : leave()).catch(() => show(false));
