// Keeps small things for the tool in a frame of this page, where its browser keeps no cookies for it (1EdTech: LTI
// postMessage Storage; LTI Client Side postMessages). Each site sees only what it put here itself, it is gone with the
// page, and only the sites of the tool that stands here are heard.

const LARGEST = 4096; // characters of a key and a value together
const MOST = 50; // things a site may keep

const frame = document.querySelector("iframe[data-keeps-for]");
const origins = new Set(frame.dataset.keepsFor.split(" "));
const kept = new Map();

const answers = {
  "lti.capabilities": () => ({
    supported_messages: ["lti.capabilities", "lti.put_data", "lti.get_data"].map((subject) => ({ subject })),
  }),
  "lti.put_data": ({ key, value }, own) => {
    if (value === null || value === undefined) own.delete(key);
    else if (key.length + String(value).length > LARGEST || (own.size >= MOST && !own.has(key))) return full();
    else own.set(key, String(value));
    return { key, value };
  },
  "lti.get_data": ({ key }, own) => ({ key, value: own.get(key) ?? null }),
};

function full() {
  return { error: { code: "storage_exhaustion", message: "no room for more" } };
}

window.addEventListener("message", ({ source, origin, data }) => {
  const answer = Object.hasOwn(answers, data?.subject ?? "") ? answers[data.subject] : null;
  if (!answer || !origins.has(origin) || typeof data.message_id !== "string") return;
  if (data.subject !== "lti.capabilities" && typeof data.key !== "string") {
    const error = { code: "bad_request", message: "key must be a string" };
    source.postMessage({ subject: `${data.subject}.response`, message_id: data.message_id, error }, origin);
    return;
  }
  if (!kept.has(origin)) kept.set(origin, new Map());
  const told = answer(data, kept.get(origin));
  source.postMessage({ subject: `${data.subject}.response`, message_id: data.message_id, ...told }, origin);
});
