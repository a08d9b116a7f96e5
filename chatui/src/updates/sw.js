/**
 * The service worker: keeps the page's own files, so that the page opens without a network, and a page that is open goes
 * on with the files of its own build when the server has another one. It keeps nothing that the server says to a person:
 * no call, no socket, nothing of another origin, nothing with a query.
 *
 * The build puts BUILD before this text (`dev/finish-build.mjs`): `id`, which is in the page, too, and differs whenever a
 * file does; and `files`, what is fetched at once, by path, with the digest of each.
 */
/* global BUILD */

/** Milliseconds after which a page from the cache is better than one that is still on its way. */
const PATIENCE = 3_000;

const scope = self.registration.scope;
const PREFIX = `parley ${scope} `;
/** The name of the build's cache, and of the lock that every page of it holds. */
const OWN = `${PREFIX}${BUILD.id}`;

/** A file with its digest in its name: another app that once stands at this address has none that looks so and is another. */
const DIGESTED = /^assets\/[^/]+-[\w-]{8}\.\w+$/;

/** The path of one of the page's files that may be kept, below the scope; null for all else. */
function pathOf(request) {
  const { origin, pathname, search } = new URL(request.url);
  const address = `${origin}${pathname}`;
  if (request.method !== "GET" || search !== "" || !address.startsWith(scope)) return null;
  const path = address.slice(scope.length);
  return Object.hasOwn(BUILD.files, path) || DIGESTED.test(path) ? path : null;
}

/** All or nothing: files of two builds, as there are while a server is renewed, make no page. */
async function install() {
  const cache = await caches.open(OWN);
  try {
    await Promise.all(
      Object.entries(BUILD.files).map(async ([path, integrity]) => {
        const fresh = path.startsWith("assets/") ? "default" : "no-cache";
        const answer = await fetch(new URL(path, scope), { integrity, cache: fresh });
        if (!answer.ok || answer.redirected) throw new Error(`${path}: ${answer.status}`);
        await cache.put(new URL(path, scope), answer);
      }),
    );
  } catch (problem) {
    // Else a page might clean it up just when it is filled again.
    await caches.delete(OWN);
    throw problem;
  }
}

/** Deletes what no page uses: neither this worker, nor one that comes after it, nor a page that is still open. */
async function clean() {
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== OWN);
  // Where there are no locks nobody can say so.
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  if (self.registration.installing || self.registration.waiting) return;
  const inUse = (name) => held.some((lock) => lock.name === name);
  await Promise.all(names.filter((name) => !inUse(name)).map((name) => caches.delete(name)));
}

/** The server's page; the one that is kept if the server does not answer soon, or says that it can't. */
async function page(request) {
  const kept = async () => (await caches.open(OWN)).match(scope);
  const answer = fetch(request);
  // Nobody may be waiting for it any more when it fails.
  answer.catch(() => {});
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE));
  try {
    const first = await Promise.race([answer, late]);
    if (first && first.status < 500) return first;
  } catch {
    // No network.
  }
  return (await kept()) ?? answer;
}

/** A file whose name says what is in it: it is the same wherever it comes from. */
async function asset(request) {
  const kept = await caches.match(request.url);
  if (kept) return kept;
  const answer = await fetch(request);
  const isFile = answer.status === 200 && answer.type === "basic" && !answer.redirected;
  // Whoever answers with a page of his own has no such file.
  if (isFile && !answer.headers.get("Content-Type")?.startsWith("text/html")) {
    const copy = answer.clone();
    const cache = await caches.open(OWN);
    // A full disk keeps nobody from reading.
    await cache.put(request.url, copy).catch(() => {});
  }
  return answer;
}

/** A file that may be another one tomorrow: the kept one only if it is what was asked for, or there is no other. */
async function other(request, path) {
  const kept = async () => (await caches.open(OWN)).match(request.url);
  if (request.integrity && request.integrity === BUILD.files[path]) return (await kept()) ?? fetch(request);
  try {
    return await fetch(request);
  } catch (problem) {
    const file = await kept();
    if (file && !request.integrity) return file;
    throw problem;
  }
}

self.addEventListener("install", (event) => event.waitUntil(install()));

// The first page was there before its worker: what it fetches from now on is kept, too.
self.addEventListener("activate", (event) =>
  event.waitUntil(Promise.all([self.clients.claim(), clean().catch(() => {})])),
);

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const path = pathOf(request);
  if (path === null) return;
  if (request.mode === "navigate") {
    if (path === "") event.respondWith(page(request));
  } else if (path.startsWith("assets/")) event.respondWith(asset(request));
  else event.respondWith(other(request, path));
});

self.addEventListener("message", (event) => {
  if (event.data === "build") event.ports[0].postMessage(BUILD.id);
  else if (event.data === "activate") event.waitUntil(self.skipWaiting());
  else if (event.data === "clean") event.waitUntil(clean().catch(() => {}));
});
