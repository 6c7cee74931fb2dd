import { LightningElement, api } from 'lwc';
import decide from '@salesforce/apex/MediaCaseController.decide';
import LightningConfirm from 'lightning/confirm';
import { labels } from 'c/mediaLabels';

const DECISIONS = { Release: labels.decisionRelease, ConfirmFake: labels.decisionConfirmFake };
const MINIMUM_LENGTH = 10;

export default class MediaDecision extends LightningElement {
  labels = labels;
  minimumLength = MINIMUM_LENGTH;
  decision;
  reason = '';
  isSaving = false;
  error;

  /** The case as `MediaCaseController.getCase` gives it. */
  @api quarantineCase;

  get options() {
    return Object.entries(DECISIONS).map(([value, label]) => ({ value, label }));
  }

  get isDecided() {
    return Boolean(this.quarantineCase?.decision);
  }

  get canDecide() {
    return Boolean(this.quarantineCase?.canDecide);
  }

  get isSecondDecision() {
    return this.quarantineCase?.status === 'AwaitingSecondDecision';
  }

  get refusal() {
    return this.canDecide ? null : this.quarantineCase?.refusal;
  }

  get decisionLabel() {
    return DECISIONS[this.quarantineCase?.decision];
  }

  get decisionFacts() {
    const { decidedBy, decidedAt, decisionReason, secondDecisionBy } = this.quarantineCase;
    const facts = [
      { label: labels.decidedBy, value: decidedBy },
      { label: labels.decidedAt, value: decidedAt, isTime: true },
      { label: labels.reason, value: decisionReason },
    ];
    return secondDecisionBy
      ? [...facts, { label: labels.secondDecisionBy, value: secondDecisionBy }]
      : facts;
  }

  handleDecisionChange(event) {
    this.decision = event.detail.value;
  }

  handleReasonChange(event) {
    this.reason = event.detail.value;
  }

  async handleDecide() {
    if (!this.reportValidity()) {
      return;
    }
    const isConfirmed = await LightningConfirm.open({
      label: DECISIONS[this.decision],
      message: this.decision === 'Release' ? labels.confirmRelease : labels.confirmFake,
      theme: this.decision === 'Release' ? 'warning' : 'error',
    });
    if (!isConfirmed) {
      return;
    }
    this.isSaving = true;
    this.error = undefined;
    try {
      await decide({
        caseId: this.quarantineCase.id,
        decision: this.decision,
        reason: this.reason.trim(),
      });
      this.dispatchEvent(new CustomEvent('decided', { detail: { decision: this.decision } }));
    } catch (error) {
      this.error = error;
    } finally {
      this.isSaving = false;
    }
  }

  reportValidity() {
    const inputs = [...this.template.querySelectorAll('lightning-radio-group, lightning-textarea')];
    const areValid = inputs.map((input) => input.reportValidity()).every(Boolean);
    return areValid && Boolean(this.decision) && this.reason.trim().length >= MINIMUM_LENGTH;
  }
}
