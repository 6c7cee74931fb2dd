import { LightningElement, api } from 'lwc';
import getEvidence from '@salesforce/apex/MediaCaseController.getEvidence';
import { format } from 'c/mediaFormat';
import { labels } from 'c/mediaLabels';

const nameOf = (evidence, kind) => (evidence ?? []).find((file) => file.kind === kind)?.name;

/**
 * Shows what the detection service re-encoded, never the held bytes themselves: a hostile file reaches no browser.
 */
export default class MediaViewer extends LightningElement {
  labels = labels;
  preview;
  heatMap;
  error;
  isLoading = false;
  isHeatMapShown = false;

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
    const before = nameOf(this._evidence, 'preview');
    this._evidence = files ?? [];
    const name = nameOf(this._evidence, 'preview');
    if (name && name !== before) {
      this.load();
    }
  }

  get hasHeatMap() {
    return nameOf(this._evidence, 'heatmap') !== undefined;
  }

  get shown() {
    return this.isHeatMapShown ? this.heatMap : this.preview;
  }

  get alternativeText() {
    return format(this.isHeatMapShown ? labels.heatMapOf : labels.pictureOf, this.mediaTitle);
  }

  get toggleLabel() {
    return this.isHeatMapShown ? labels.hideHeatMap : labels.showHeatMap;
  }

  async load() {
    this.isLoading = true;
    this.error = undefined;
    try {
      this.preview = await this.fetch('preview');
    } catch (error) {
      this.error = error;
    } finally {
      this.isLoading = false;
    }
  }

  async handleToggle() {
    if (!this.isHeatMapShown && !this.heatMap) {
      this.isLoading = true;
      try {
        this.heatMap = await this.fetch('heatmap');
      } catch (error) {
        this.error = error;
        return;
      } finally {
        this.isLoading = false;
      }
    }
    this.isHeatMapShown = !this.isHeatMapShown;
  }

  handleRetry() {
    this.isHeatMapShown = false;
    this.load();
  }

  fetch(kind) {
    return getEvidence({ caseId: this.caseId, name: nameOf(this._evidence, kind) });
  }
}
