import { labels } from 'c/mediaLabels';

/** How a status, verdict or severity looks; `variant` is a badge class of the design system. */
const LOOKS = {
  Held: { label: labels.statusHeld, icon: 'utility:lock', variant: '' },
  Verifying: { label: labels.statusVerifying, icon: 'utility:sync', variant: '' },
  Cleared: { label: labels.statusCleared, icon: 'utility:check', variant: 'slds-theme_success' },
  Released: { label: labels.statusReleased, icon: 'utility:unlock', variant: 'slds-theme_success' },
  Quarantined: {
    label: labels.statusQuarantined,
    icon: 'utility:shield',
    variant: 'slds-theme_warning',
  },
  ConfirmedFake: {
    label: labels.statusConfirmedFake,
    icon: 'utility:ban',
    variant: 'slds-theme_error',
  },
  TakenDown: { label: labels.statusTakenDown, icon: 'utility:ban', variant: 'slds-theme_error' },
  Failed: { label: labels.statusFailed, icon: 'utility:warning', variant: 'slds-theme_warning' },
  Authentic: {
    label: labels.verdictAuthentic,
    icon: 'utility:check',
    variant: 'slds-theme_success',
  },
  Clear: { label: labels.verdictClear, icon: 'utility:check', variant: 'slds-theme_success' },
  Suspect: { label: labels.verdictSuspect, icon: 'utility:warning', variant: 'slds-theme_warning' },
  Synthetic: {
    label: labels.verdictSynthetic,
    icon: 'utility:einstein',
    variant: 'slds-theme_error',
  },
  Tampered: {
    label: labels.verdictTampered,
    icon: 'utility:unlinked',
    variant: 'slds-theme_error',
  },
  NotEvaluated: { label: labels.verdictNotEvaluated, icon: 'utility:question', variant: '' },
  Info: { label: labels.information, icon: 'utility:info', variant: '' },
  Low: { label: labels.severityLow, icon: 'utility:info', variant: '' },
  Medium: { label: labels.severityMedium, icon: 'utility:info', variant: 'slds-theme_warning' },
  High: { label: labels.severityHigh, icon: 'utility:priority', variant: 'slds-theme_error' },
  Critical: { label: labels.severityCritical, icon: 'utility:error', variant: 'slds-theme_error' },
  Open: { label: labels.caseOpen, icon: 'utility:open_folder', variant: '' },
  InReview: { label: labels.caseInReview, icon: 'utility:preview', variant: '' },
  AwaitingSecondDecision: {
    label: labels.caseAwaitingSecondDecision,
    icon: 'utility:user',
    variant: '',
  },
  Closed: { label: labels.caseClosed, icon: 'utility:check', variant: '' },
};

/** What an entry of the audit chain says happened, in words. */
const ACTIONS = {
  'version.received': labels.actionReceived,
  'version.verifying': labels.actionVerifying,
  'version.held': labels.actionHeld,
  'version.failed': labels.actionFailed,
  'version.cleared': labels.actionCleared,
  'version.quarantined': labels.actionQuarantined,
  'version.released': labels.actionReleased,
  'version.confirmedfake': labels.actionConfirmedFake,
  'version.taken_down': labels.actionTakenDown,
  'version.exempted': labels.actionExempted,
  'version.attestation_rejected': labels.actionAttestationRejected,
  'version.verdict_ignored': labels.actionVerdictIgnored,
  'version.takedown_failed': labels.actionTakedownFailed,
  'verification.left_to_sweep': labels.actionLeftToSweep,
  'verification.job_crashed': labels.actionJobCrashed,
  'attachment.replaced': labels.actionAttachmentReplaced,
  'links.withdraw_failed': labels.actionLinkNotWithdrawn,
  'links.restore_failed': labels.actionLinkNotRestored,
  'publiclink.revoke_failed': labels.actionPublicLinkNotRevoked,
  'sharing.hide_failed': labels.actionNotHidden,
  'sharing.restore_failed': labels.actionSharingNotRestored,
  'case.decision_refused': labels.actionDecisionRefused,
  'channel.changed': labels.actionChannelChanged,
  'flow.failed': labels.actionFlowFailed,
  'notice.not_sent': labels.actionNoticeNotSent,
  'label.not_sent': labels.actionLabelNotSent,
  'item.changed': labels.actionItemChanged,
  'item.deleted': labels.actionItemDeleted,
  'sharing.repaired': labels.actionSharingRepaired,
  'sharing.repair_abandoned': labels.actionSharingAbandoned,
  'case.opened': labels.actionCaseOpened,
  'case.decided': labels.actionCaseDecided,
  'download.refused': labels.actionDownloadRefused,
  'propagation.refused': labels.actionPropagationRefused,
  'incident.alarmed': labels.actionAlarmed,
  'policy.created': labels.actionPolicyCreated,
  'policy.submitted': labels.actionPolicySubmitted,
  'policy.activated': labels.actionPolicyActivated,
  'policy.changed': labels.actionPolicyChanged,
  'policy.retired': labels.actionPolicyRetired,
  'channel.trusted': labels.actionChannelTrusted,
  'channel.revoked': labels.actionChannelRevoked,
};

/** Most severe first. */
const SEVERITY_ORDER = ['critical', 'high', 'medium', 'low', 'info'];

/** Label, icon and badge class of a value; an unknown value shows itself. */
export function lookOf(value) {
  return LOOKS[value] ?? { label: value ?? labels.unknown, icon: 'utility:question', variant: '' };
}

/** An audit action in words; an action without words shows its code. */
export function wordsOfAction(action) {
  return ACTIONS[action] ?? action;
}

/** Sort key of a finding's severity. */
export function severityRank(severity) {
  const rank = SEVERITY_ORDER.indexOf(String(severity).toLowerCase());
  return rank < 0 ? SEVERITY_ORDER.length : rank;
}

/** Replaces {0}, {1}, … of a label. */
export function format(label, ...values) {
  return label.replace(/\{(\d+)\}/g, (match, index) => values[index] ?? match);
}

/** 1536 as "1.5 KB". */
export function formatBytes(bytes) {
  if (bytes === null || bytes === undefined) {
    return null;
  }
  const units = ['B', 'KB', 'MB', 'GB'];
  const power = Math.min(
    units.length - 1,
    bytes > 0 ? Math.floor(Math.log(bytes) / Math.log(1024)) : 0,
  );
  const value = bytes / 1024 ** power;
  return `${value >= 10 || power === 0 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}

/** 0.9731 as "97 %"; null when it was not measured. */
export function formatScore(score) {
  return score === null || score === undefined ? null : `${Math.round(score * 100)} %`;
}
