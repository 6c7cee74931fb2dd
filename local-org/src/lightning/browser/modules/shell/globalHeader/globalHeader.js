import { LightningElement } from 'lwc';
import { bootstrap } from 'local/bootstrap';
import { getJson, sendJson } from 'local/http';
import { navigateTo } from 'local/router';
import { fromUrl } from 'local/location';

const POLL_MS = 15_000;

/** The white bar at the top: who is signed in, notifications, and the mails the org sent. */
export default class GlobalHeader extends LightningElement {
  user = bootstrap.user;
  orgName = bootstrap.orgName;
  notifications = [];
  isOpen = false;

  connectedCallback() {
    void this.load();
    this.timer = window.setInterval(() => void this.load(), POLL_MS);
  }

  disconnectedCallback() {
    window.clearInterval(this.timer);
  }

  async load() {
    try {
      this.notifications = await getJson('/local/notifications/mine');
    } catch {
      // The next poll tries again; a page that works otherwise needs no error for this.
    }
  }

  get unread() {
    return this.notifications.filter(({ isRead }) => !isRead).length;
  }

  get hasUnread() {
    return this.unread > 0;
  }

  get bellText() {
    return this.hasUnread ? `Notifications, ${this.unread} new` : 'Notifications';
  }

  get isEmpty() {
    return this.notifications.length === 0;
  }

  get items() {
    return this.notifications.map((item) => ({
      ...item,
      rowClass: `slds-global-header__notification${item.isRead ? '' : ' slds-global-header__notification_unread'}`,
    }));
  }

  get panelClass() {
    return `panel slds-popover slds-popover_large${this.isOpen ? '' : ' slds-hide'}`;
  }

  get expanded() {
    return String(this.isOpen);
  }

  get otherUsers() {
    return bootstrap.users.filter(({ id }) => id !== this.user.id);
  }

  get hasOtherUsers() {
    return this.otherUsers.length > 0;
  }

  async handleBell() {
    this.isOpen = !this.isOpen;
    if (!this.isOpen || !this.hasUnread) return;
    await sendJson('POST', '/local/notifications/mine/read');
  }

  handlePanelKey(event) {
    if (event.key === 'Escape' && this.isOpen) this.handleClose();
  }

  handleClose() {
    this.isOpen = false;
    void this.load();
  }

  handleNotification(event) {
    event.preventDefault();
    const { target } = event.currentTarget.dataset;
    this.handleClose();
    if (target) navigateTo(fromUrl(`/lightning/r/record/${target}/view`));
  }

  handleOutbox(event) {
    event.preventDefault();
    navigateTo(fromUrl('/lightning/page/outbox'));
  }

  async handleUser(event) {
    const { value } = event.detail;
    if (value === 'signOut') {
      await sendJson('POST', '/logout');
      window.location.assign('/login');
      return;
    }
    await sendJson('POST', '/login/as', { userId: value });
    window.location.reload();
  }
}
