/* Send a file and tell how far it is: fetch cannot tell that, so this is an XMLHttpRequest. */
import { csrfToken, sentenceIn } from "./http.js";

/**
 * POST the file itself under its name. Resolves with what the server says of it; rejects with an Error whose message is
 * the server's sentence, or empty when nobody answered. `onProgress` gets 0 to 1.
 */
export function upload(url, file, { onProgress, signal }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `${url}?${new URLSearchParams({ name: file.name })}`);
    request.setRequestHeader("HX-Request", "true");
    request.setRequestHeader("X-CSRFToken", csrfToken());
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.upload.addEventListener("progress", ({ loaded, total }) => onProgress(total ? loaded / total : 0));
    request.addEventListener("load", () => {
      if (request.status === 201) resolve(JSON.parse(request.responseText));
      else reject(new Error(sentenceIn(request.responseText)));
    });
    request.addEventListener("error", () => reject(new Error("")));
    request.addEventListener("abort", () => reject(new Error("")));
    signal.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}
