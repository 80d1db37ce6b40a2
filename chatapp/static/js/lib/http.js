/* Requests that no element makes: the same headers as htmx sends, and an end to waiting. */
const PATIENCE = 15_000;
const headers = { "HX-Request": "true" };

/** What proves to the server that a request comes from a page of its own. */
export function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

/** POST form values; resolves with the response, whatever its status. `options` are fetch's. */
export function post(url, values, options = {}) {
  return send("POST", url, values, options);
}

/** The same for PUT. With `keepalive` it goes out even if the page goes. */
export function put(url, values, options = {}) {
  return send("PUT", url, values, options);
}

function send(method, url, values, options) {
  return fetch(url, {
    ...options, method, headers: { ...headers, "X-CSRFToken": csrfToken() }, body: new URLSearchParams(values), signal: AbortSignal.timeout(PATIENCE),
  });
}

/** GET a fragment; rejects when the answer is not 2xx. */
export async function fragment(url) {
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(PATIENCE) });
  if (isDoor(response)) location.reload();
  if (!response.ok || isDoor(response)) throw Object.assign(new Error(`${response.status} ${url}`), { status: response.status });
  return response.text();
}

/** The reason of a refusal, from the fragment that tells it; "" when there is none. */
export function sentenceIn(html) {
  return new DOMParser().parseFromString(html, "text/html").querySelector("[data-error], .problem__text")?.textContent.trim() ?? "";
}

/** Whether the answer is the log-in page: the session is over, and nothing of it belongs into this page. */
export function isDoor(response) {
  return response.redirected && new URL(response.url).pathname === "/login";
}
