/** The HTML pages of the shell: the application and the login. Scripts and data carry a nonce; nothing else may run. */
import { randomBytes } from 'node:crypto';
import type { Response } from 'express';
import type { Json } from '../../org/contracts.js';
import type { OrgUser } from '../../org/local-org.js';

const escapeHtml = (text: string): string =>
  text.replace(/[<>&'"]/g, (character) => `&#${character.charCodeAt(0)};`);

/** JSON inside a script element: no `<` can end it. */
const inlineJson = (value: Json): string => JSON.stringify(value).replace(/</g, '\\u003c');

const STYLES = '/assets/styles/salesforce-lightning-design-system.min.css';

const head = (title: string): string =>
  `<meta charset="utf-8"><title>${escapeHtml(title)}</title>` +
  '<meta name="viewport" content="width=device-width, initial-scale=1">' +
  '<link rel="icon" type="image/svg+xml" href="/lightning/static/favicon.svg">' +
  `<link rel="stylesheet" href="${STYLES}"><link rel="stylesheet" href="/lightning/static/shell.css">`;

/** Only this server's own scripts, and nobody may put the page in a frame. */
function setPolicy(response: Response, nonce: string): void {
  response.set({
    'Content-Security-Policy': [
      "default-src 'self'",
      `script-src 'self' 'nonce-${nonce}'`,
      "style-src 'self' 'unsafe-inline'",
      "img-src 'self' data: blob:",
      "media-src 'self' blob:",
      "frame-src 'self' blob:",
      "object-src 'none'",
      "base-uri 'none'",
      "form-action 'self'",
      "frame-ancestors 'none'",
    ].join('; '),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'same-origin',
    'Cache-Control': 'no-store',
  });
}

export interface ShellPage {
  readonly title: string;
  readonly bootstrap: Json;
  /** Import specifier to URL. */
  readonly imports: Readonly<Record<string, string>>;
  readonly script: string;
}

export function sendShell(
  response: Response,
  { title, bootstrap, imports, script }: ShellPage,
): void {
  const nonce = randomBytes(16).toString('base64');
  setPolicy(response, nonce);
  const shadow = imports['@lwc/synthetic-shadow'] ?? '';
  response.type('html').send(
    `<!doctype html><html lang="en"><head>${head(title)}` +
      `<script type="importmap" nonce="${nonce}">${inlineJson({ imports })}</script>` +
      `<script type="application/json" id="bootstrap" nonce="${nonce}">${inlineJson(bootstrap)}</script>` +
      // Synthetic shadow patches the DOM: it must run before the engine is first imported.
      `<script type="module" nonce="${nonce}" src="${shadow}"></script>` +
      `<script type="module" nonce="${nonce}" src="${script}"></script>` +
      '</head><body class="slds-scope"><div id="shell"></div>' +
      '<noscript>This page needs JavaScript.</noscript></body></html>',
  );
}

export interface LoginPage {
  readonly orgName: string;
  readonly users: readonly OrgUser[];
  readonly returnTo: string;
  readonly error: string | null;
}

export function sendLogin(
  response: Response,
  { orgName, users, returnTo, error }: LoginPage,
): void {
  const nonce = randomBytes(16).toString('base64');
  setPolicy(response, nonce);
  const hidden = `<input type="hidden" name="returnTo" value="${escapeHtml(returnTo)}">`;
  const rows = users
    .map(
      (user) =>
        '<li class="slds-item"><form method="post" action="/login">' +
        `${hidden}<input type="hidden" name="userId" value="${user.id}">` +
        '<button type="submit" class="login-user">' +
        `<span class="slds-text-heading_small">${escapeHtml(user.name)}</span>` +
        `<span class="slds-text-color_weak">${escapeHtml(user.description)}</span></button></form></li>`,
    )
    .join('');
  const alert = error
    ? `<div class="slds-notify slds-notify_alert slds-alert_error slds-m-bottom_small" role="alert">${escapeHtml(error)}</div>`
    : '';
  response
    .type('html')
    .send(
      `<!doctype html><html lang="en"><head>${head(`Login | ${orgName}`)}</head><body class="slds-scope login">` +
        `<main class="slds-card slds-p-around_large"><h1 class="slds-text-heading_large slds-m-bottom_medium">${escapeHtml(orgName)}</h1>` +
        `${alert}<form method="post" action="/login">${hidden}` +
        field('username', 'Username', 'text', 'username') +
        field('password', 'Password', 'password', 'current-password') +
        '<button type="submit" class="slds-button slds-button_brand slds-button_stretch slds-m-top_medium">Log In</button></form>' +
        '<h2 class="slds-text-heading_small slds-m-top_large slds-m-bottom_x-small">Or continue as a demonstration user</h2>' +
        `<ul class="slds-has-dividers_around-space">${rows}</ul></main></body></html>`,
    );
}

const field = (name: string, label: string, type: string, autocomplete: string): string =>
  `<div class="slds-form-element slds-m-bottom_small"><label class="slds-form-element__label" for="${name}">${label}</label>` +
  `<div class="slds-form-element__control"><input class="slds-input" id="${name}" name="${name}" type="${type}" ` +
  `autocomplete="${autocomplete}" required></div></div>`;
