/**
 * Requests to the org as the signed-in user. A refusal is thrown in the shape that Lightning Data Service and wired
 * Apex give to components: `{ ok: false, status, statusText, body }`, where `body` is what the server answered.
 */
const API = '/services/data/v65.0';

async function parsed(response) {
  const text = await response.text();
  if (!text) return null;
  try {
    return JSON.parse(text);
  } catch {
    return { message: text };
  }
}

async function send(method, url, body, headers = {}) {
  let response;
  try {
    response = await fetch(url, {
      method,
      body,
      headers: { 'X-Local-Org': 'shell', Accept: 'application/json', ...headers },
      credentials: 'same-origin',
    });
  } catch {
    const message = 'The local org does not answer. Is it still running?';
    throw { ok: false, status: 0, statusText: 'No connection', body: { message } };
  }
  if (response.status === 401)
    window.location.assign('/login?returnTo=' + encodeURIComponent(window.location.pathname));
  const content = await parsed(response);
  if (response.ok) return content;
  throw { ok: false, status: response.status, statusText: response.statusText, body: content };
}

export const getJson = (url) => send('GET', url);

export const sendJson = (method, url, content) =>
  send(method, url, content === undefined ? undefined : JSON.stringify(content), {
    'Content-Type': 'application/json',
  });

export const sendForm = (url, form) => send('POST', url, form);

/** Path below the REST API's version. */
export const api = (path) => `${API}/${path}`;

/** All rows of a query. */
export async function query(soql) {
  let page = await getJson(`${api('query')}?q=${encodeURIComponent(soql)}`);
  const records = [...page.records];
  while (!page.done) {
    page = await getJson(page.nextRecordsUrl);
    records.push(...page.records);
  }
  return records;
}

/** A SOQL string literal. */
export const literal = (value) => `'${String(value).replace(/[\\']/g, '\\$&')}'`;
