import { LightningElement, api } from 'lwc';

/** A card in place of content: nothing to show yet, not found, or not available here. */
export default class Notice extends LightningElement {
  @api title;
  @api message;
  @api iconName = 'utility:info_alt';
}
