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

export async function call(method, path, { body, token, signal, timeout = 15_000 } = {}) {
  const limit = AbortSignal.timeout(timeout);
  const headers = { 'Accept-Language': locale };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body) headers['Content-Type'] = 'application/json';
  try {
    const response = await fetch(path, {
      method, headers, body: body && JSON.stringify(body), cache: 'no-store',
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
    });
    return response.ok ? await content(response) : refuse(response, await response.json().catch(() => ({})));
  } catch (error) {
    throw error instanceof Problem ? error : new Problem(0, sentence('unreachable'));
  }
}

const content = (response) => (response.status === 204 ? null : response.json());

function refuse(response, problem) {
  throw new Problem(response.status, problem.detail || sentence('refused'), Number(response.headers.get('Retry-After')) || 0);
}
