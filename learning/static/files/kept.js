/* What was recorded stays on this device until we have it: a closed laptop or a dead battery takes nothing away.

   A database of the browser, one entry a place (a hash of who, for what and where), with the recording in chunks as they
   were made. Each is encrypted with a key that only a page of ours for the same person holds (data-lock): others use
   this computer too. Where a browser has no such things (a private window) all this does nothing. */
const NAME = "tussenruimte-opnames";
const DAYS = 7;

let opened = null;

function database() {
  opened ??= new Promise((resolve) => {
    let asked;
    try {
      asked = indexedDB.open(NAME, 1);
    } catch {
      resolve(null);
      return;
    }
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("takes", { keyPath: "place" });
      asked.result.createObjectStore("chunks", { autoIncrement: true }).createIndex("place", "place");
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => resolve(null);
    asked.onblocked = () => resolve(null);
  });
  return opened;
}

/* `does` asks the stores for something; what it returns is waited for with the transaction. */
async function within(mode, does) {
  const here = await database();
  if (!here) return undefined;
  return new Promise((resolve) => {
    const work = here.transaction(["takes", "chunks"], mode);
    const asked = does(work.objectStore("takes"), work.objectStore("chunks"));
    work.oncomplete = () => resolve(asked?.result);
    work.onerror = work.onabort = () => resolve(undefined);
  });
}

const emptied = (chunks, place) => {
  chunks.index("place").getAllKeys(place).onsuccess = (event) => {
    for (const key of event.target.result) chunks.delete(key);
  };
};

/* A recording begins: what was kept at this place makes room. */
export const begin = (place, type) => within("readwrite", (takes, chunks) => {
  emptied(chunks, place);
  takes.put({ place, type, at: Date.now(), key: "", print: "" });
});

const HEAD = 12; // bytes of the nonce before what is encrypted

const keyOf = (lock) => crypto.subtle.importKey(
  "raw", Uint8Array.from(lock.match(/../g), (pair) => parseInt(pair, 16)), "AES-GCM", false, ["encrypt", "decrypt"]);

/* In the order of the calls: `after` is what the last one returned. */
export async function add(place, blob, lock, after) {
  if (!window.crypto?.subtle) return;
  const iv = crypto.getRandomValues(new Uint8Array(HEAD));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await keyOf(lock), await blob.arrayBuffer());
  await after;
  await within("readwrite", (takes, chunks) => { chunks.add({ place, iv, sealed }); });
}

/* Where what is kept or was chosen goes to: `key` of the server, `print` by which a chosen file is known again. */
export const going = (place, changes) => within("readwrite", (takes) => {
  takes.get(place).onsuccess = (event) => {
    takes.put({ place, type: "", key: "", print: "", ...event.target.result, ...changes, at: Date.now() });
  };
});

export const take = (place) => within("readonly", (takes) => takes.get(place));

/* What was recorded, as a file; null when there is nothing, or it was another's. */
export async function file(place, lock) {
  const kept = await take(place);
  if (!kept?.type) return null;
  const chunks = await within("readonly", (takes, all) => all.index("place").getAll(place));
  if (!chunks?.length) return null;
  const mime = kept.type.split(";")[0];
  const name = `opname.${mime === "audio/mp4" ? "m4a" : mime.split("/")[1]}`;
  try {
    const key = await keyOf(lock);
    const opened = chunks.map(({ iv, sealed }) => crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, sealed));
    return new File(await Promise.all(opened), name, { type: mime });
  } catch {
    return null;
  }
}

export const forget = (place) => within("readwrite", (takes, chunks) => {
  emptied(chunks, place);
  takes.delete(place);
});

/* What nobody came back for. */
export const tidy = () => within("readwrite", (takes, chunks) => {
  takes.getAll().onsuccess = (event) => {
    for (const kept of event.target.result) {
      if (Date.now() - kept.at < DAYS * 24 * 3600 * 1000) continue;
      emptied(chunks, kept.place);
      takes.delete(kept.place);
    }
  };
});
