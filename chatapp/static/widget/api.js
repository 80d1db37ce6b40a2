/** Calls to the server. Every refusal is a Problem with the server's own sentence; status 0 means that it could not be reached. */
import { locale, sentence } from './page.js';

export class Problem extends Error {
  constructor(status, detail, retryAfter = 0) {
    super(detail);
    this.status = status;
    this.retryAfter = retryAfter;
  }

  /** Worth trying again unchanged: nobody answered, or the server had a bad moment. */
  get passes() {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

export async function call(method, path, { body, token, signal, keepalive, timeout = 15_000 } = {}) {
  const limit = AbortSignal.timeout(timeout);
  const headers = { 'Accept-Language': locale };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body) headers['Content-Type'] = 'application/json';
  try {
    const response = await fetch(path, {
      method, headers, body: body && JSON.stringify(body), cache: 'no-store', keepalive,
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
    return response.ok ? await content(response) : refuse(response, await response.json().catch(() => ({})));
  } catch (error) {
    throw error instanceof Problem ? error : new Problem(0, sentence('unreachable'));
  }
}

/** Sends a file and tells how far it is (0 to 1), which fetch cannot. */
export function upload(path, file, { token, onProgress }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `${path}?${new URLSearchParams({ name: file.name })}`);
    request.responseType = 'json';
    request.setRequestHeader('Authorization', `Bearer ${token}`);
    request.setRequestHeader('Accept-Language', locale);
    request.setRequestHeader('Content-Type', 'application/octet-stream');
    request.upload.onprogress = ({ loaded, total }) => onProgress(loaded / total);
    request.onload = () => (request.status === 201 ? resolve(request.response) : reject(new Problem(request.status, request.response?.detail || sentence('refused'))));
    request.onerror = () => reject(new Problem(0, sentence('refused')));
    request.send(file);
  });
}

const content = (response) => (response.status === 204 ? null : response.json());

function refuse(response, problem) {
  throw new Problem(response.status, problem.detail || sentence('refused'), Number(response.headers.get('Retry-After')) || 0);
}
