/** What the server wrote into the page for this user: user, permissions, apps, tabs, page names. Read-only. */
const element = document.getElementById('bootstrap');
if (!element) throw new Error('The page carries no bootstrap data. Reload it from the local org.');

export const bootstrap = Object.freeze(JSON.parse(element.textContent));
