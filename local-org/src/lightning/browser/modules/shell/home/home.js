import { LightningElement, api } from 'lwc';
import { bootstrap } from 'local/bootstrap';
import { fromUrl } from 'local/location';
import { navigateTo } from 'local/router';

/** The home page of an app that brings none of its own: a welcome and its tabs. */
export default class Home extends LightningElement {
  @api app;

  get greeting() {
    return `Welcome, ${bootstrap.user.name}`;
  }

  handleLink(event) {
    event.preventDefault();
    navigateTo(fromUrl(event.currentTarget.getAttribute('href')));
  }
}
