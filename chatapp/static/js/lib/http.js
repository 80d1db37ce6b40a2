/* Requests that no element makes: the same headers as htmx sends, and the answer as text. */
const headers = { "HX-Request": "true" };

function token() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

/** POST form values; resolves with the response, whatever its status. */
export function post(url, values) {
  return fetch(url, { method: "POST", headers: { ...headers, "X-CSRFToken": token() }, body: new URLSearchParams(values) });
}

/** GET a fragment; rejects when the answer is not 2xx. */
export async function fragment(url) {
  const response = await fetch(url, { headers });
  if (!response.ok) throw new Error(`${response.status} ${url}`);
  return response.text();
}
