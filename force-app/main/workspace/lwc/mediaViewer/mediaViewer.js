import { LightningElement, api } from 'lwc';
import getEvidence from '@salesforce/apex/MediaCaseController.getEvidence';
import { format } from 'c/mediaFormat';
import { labels } from 'c/mediaLabels';
import { viewsOf } from './evidenceViews';

/** More views than fit beside each other as buttons go into a list. */
const MOST_BUTTONS = 6;

/**
 * Shows what the detection service re-encoded, never the held bytes themselves: a hostile file reaches no browser. Each
 * piece of evidence is a view of its own, fetched when it is first looked at.
 */
export default class MediaViewer extends LightningElement {
  labels = labels;
  views = [];
  shownName;
  pictures = {};
  errors = {};

  /** Title of the media, for the alternative text. */
  @api mediaTitle = '';
  /** Case whose evidence is shown. */
  @api caseId;

  _evidence = [];

  /** Evidence files of the version: `{kind, name}`. */
  @api
  get evidence() {
    return this._evidence;
  }

  set evidence(files) {
    this._evidence = files ?? [];
    this.views = viewsOf(this._evidence);
    if (this.views.length > 0 && !this.view) {
      this.show(this.views[0].name);
    }
  }

  get view() {
    return this.views.find(({ name }) => name === this.shownName);
  }

  get options() {
    return this.views.map(({ label, name }) => ({ label, value: name }));
  }

  get hasButtons() {
    return this.views.length > 1 && this.views.length <= MOST_BUTTONS;
  }

  get hasList() {
    return this.views.length > MOST_BUTTONS;
  }

  get picture() {
    return this.pictures[this.shownName];
  }

  get error() {
    return this.errors[this.shownName];
  }

  get alternativeText() {
    if (this.view.kind === 'preview') {
      return format(labels.pictureOf, this.mediaTitle);
    }
    if (this.view.kind === 'heatmap') {
      return format(labels.heatMapOf, this.mediaTitle);
    }
    return format(labels.evidenceOf, this.view.label, this.mediaTitle);
  }

  handleView(event) {
    this.show(event.detail.value);
  }

  handleRetry() {
    this.load(this.shownName);
  }

  show(name) {
    this.shownName = name;
    if (!this.pictures[name]) {
      this.load(name);
    }
  }

  /** Kept by name: an answer that comes after the reviewer has turned to another view lands where it belongs. */
  async load(name) {
    this.errors = { ...this.errors, [name]: undefined };
    try {
      const picture = await getEvidence({ caseId: this.caseId, name });
      this.pictures = { ...this.pictures, [name]: picture };
    } catch (error) {
      this.errors = { ...this.errors, [name]: error };
    }
  }
}
