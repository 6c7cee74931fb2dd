import statusHeld from '@salesforce/label/c.MediaGuard_StatusHeld';
import statusVerifying from '@salesforce/label/c.MediaGuard_StatusVerifying';
import statusCleared from '@salesforce/label/c.MediaGuard_StatusCleared';
import statusReleased from '@salesforce/label/c.MediaGuard_StatusReleased';
import statusQuarantined from '@salesforce/label/c.MediaGuard_StatusQuarantined';
import statusConfirmedFake from '@salesforce/label/c.MediaGuard_StatusConfirmedFake';
import statusTakenDown from '@salesforce/label/c.MediaGuard_StatusTakenDown';
import statusFailed from '@salesforce/label/c.MediaGuard_StatusFailed';
import verdictAuthentic from '@salesforce/label/c.MediaGuard_VerdictAuthentic';
import verdictClear from '@salesforce/label/c.MediaGuard_VerdictClear';
import verdictSuspect from '@salesforce/label/c.MediaGuard_VerdictSuspect';
import verdictSynthetic from '@salesforce/label/c.MediaGuard_VerdictSynthetic';
import verdictTampered from '@salesforce/label/c.MediaGuard_VerdictTampered';
import verdictNotEvaluated from '@salesforce/label/c.MediaGuard_VerdictNotEvaluated';
import severityLow from '@salesforce/label/c.MediaGuard_SeverityLow';
import severityMedium from '@salesforce/label/c.MediaGuard_SeverityMedium';
import severityHigh from '@salesforce/label/c.MediaGuard_SeverityHigh';
import severityCritical from '@salesforce/label/c.MediaGuard_SeverityCritical';
import caseOpen from '@salesforce/label/c.MediaGuard_CaseOpen';
import caseInReview from '@salesforce/label/c.MediaGuard_CaseInReview';
import caseAwaitingSecondDecision from '@salesforce/label/c.MediaGuard_CaseAwaitingSecondDecision';
import caseClosed from '@salesforce/label/c.MediaGuard_CaseClosed';
import unknown from '@salesforce/label/c.MediaGuard_Unknown';
import information from '@salesforce/label/c.MediaGuard_Information';
import success from '@salesforce/label/c.MediaGuard_Success';
import warning from '@salesforce/label/c.MediaGuard_Warning';
import error from '@salesforce/label/c.MediaGuard_Error';
import severity from '@salesforce/label/c.MediaGuard_Severity';
import verdict from '@salesforce/label/c.MediaGuard_Verdict';
import score from '@salesforce/label/c.MediaGuard_Score';
import notMeasured from '@salesforce/label/c.MediaGuard_NotMeasured';
import mediaStatus from '@salesforce/label/c.MediaGuard_MediaStatus';
import caseStatus from '@salesforce/label/c.MediaGuard_CaseStatus';
import noFindings from '@salesforce/label/c.MediaGuard_NoFindings';
import noHistory from '@salesforce/label/c.MediaGuard_NoHistory';
import loadingPicture from '@salesforce/label/c.MediaGuard_LoadingPicture';
import pictureFailed from '@salesforce/label/c.MediaGuard_PictureFailed';
import tryAgain from '@salesforce/label/c.MediaGuard_TryAgain';
import noPicture from '@salesforce/label/c.MediaGuard_NoPicture';
import heatMapOf from '@salesforce/label/c.MediaGuard_HeatMapOf';
import pictureOf from '@salesforce/label/c.MediaGuard_PictureOf';
import evidenceOf from '@salesforce/label/c.MediaGuard_EvidenceOf';
import findingsMore from '@salesforce/label/c.MediaGuard_FindingsMore';
import findingsGroup from '@salesforce/label/c.MediaGuard_FindingsGroup';
import view from '@salesforce/label/c.MediaGuard_View';
import viewFrameStrip from '@salesforce/label/c.MediaGuard_ViewFrameStrip';
import viewFrameStripHelp from '@salesforce/label/c.MediaGuard_ViewFrameStripHelp';
import viewHeatMap from '@salesforce/label/c.MediaGuard_ViewHeatMap';
import viewNumbered from '@salesforce/label/c.MediaGuard_ViewNumbered';
import viewOfModel from '@salesforce/label/c.MediaGuard_ViewOfModel';
import viewPage from '@salesforce/label/c.MediaGuard_ViewPage';
import viewPageHelp from '@salesforce/label/c.MediaGuard_ViewPageHelp';
import viewPreview from '@salesforce/label/c.MediaGuard_ViewPreview';
import viewRegionMap from '@salesforce/label/c.MediaGuard_ViewRegionMap';
import viewRegionMapHelp from '@salesforce/label/c.MediaGuard_ViewRegionMapHelp';
import viewSpectrogram from '@salesforce/label/c.MediaGuard_ViewSpectrogram';
import viewSpectrogramHelp from '@salesforce/label/c.MediaGuard_ViewSpectrogramHelp';
import heatMapHelp from '@salesforce/label/c.MediaGuard_HeatMapHelp';
import decision from '@salesforce/label/c.MediaGuard_Decision';
import decisionRelease from '@salesforce/label/c.MediaGuard_DecisionRelease';
import decisionConfirmFake from '@salesforce/label/c.MediaGuard_DecisionConfirmFake';
import reason from '@salesforce/label/c.MediaGuard_Reason';
import reasonPlaceholder from '@salesforce/label/c.MediaGuard_ReasonPlaceholder';
import reasonTooShort from '@salesforce/label/c.MediaGuard_ReasonTooShort';
import reasonMissing from '@salesforce/label/c.MediaGuard_ReasonMissing';
import decide from '@salesforce/label/c.MediaGuard_Decide';
import saving from '@salesforce/label/c.MediaGuard_Saving';
import decisionFailed from '@salesforce/label/c.MediaGuard_DecisionFailed';
import decidedBy from '@salesforce/label/c.MediaGuard_DecidedBy';
import decidedAt from '@salesforce/label/c.MediaGuard_DecidedAt';
import secondDecisionBy from '@salesforce/label/c.MediaGuard_SecondDecisionBy';
import secondDecisionHelp from '@salesforce/label/c.MediaGuard_SecondDecisionHelp';
import confirmRelease from '@salesforce/label/c.MediaGuard_ConfirmRelease';
import confirmFake from '@salesforce/label/c.MediaGuard_ConfirmFake';
import caseFailed from '@salesforce/label/c.MediaGuard_CaseFailed';
import loadingCase from '@salesforce/label/c.MediaGuard_LoadingCase';
import refresh from '@salesforce/label/c.MediaGuard_Refresh';
import picture from '@salesforce/label/c.MediaGuard_Picture';
import findings from '@salesforce/label/c.MediaGuard_Findings';
import provenance from '@salesforce/label/c.MediaGuard_Provenance';
import nearDuplicates from '@salesforce/label/c.MediaGuard_NearDuplicates';
import history from '@salesforce/label/c.MediaGuard_History';
import scoreNotMeasured from '@salesforce/label/c.MediaGuard_ScoreNotMeasured';
import scoreIs from '@salesforce/label/c.MediaGuard_ScoreIs';
import overdueByHours from '@salesforce/label/c.MediaGuard_OverdueByHours';
import dueInHours from '@salesforce/label/c.MediaGuard_DueInHours';
import decisionSaved from '@salesforce/label/c.MediaGuard_DecisionSaved';
import decisionSavedHelp from '@salesforce/label/c.MediaGuard_DecisionSavedHelp';
import quarantine from '@salesforce/label/c.MediaGuard_Quarantine';
import show from '@salesforce/label/c.MediaGuard_Show';
import quarantineFailed from '@salesforce/label/c.MediaGuard_QuarantineFailed';
import loadingQuarantine from '@salesforce/label/c.MediaGuard_LoadingQuarantine';
import quarantineEmpty from '@salesforce/label/c.MediaGuard_QuarantineEmpty';
import quarantineEmptyForFilter from '@salesforce/label/c.MediaGuard_QuarantineEmptyForFilter';
import caseCount from '@salesforce/label/c.MediaGuard_CaseCount';
import media from '@salesforce/label/c.MediaGuard_Media';
import uploadedBy from '@salesforce/label/c.MediaGuard_UploadedBy';
import due from '@salesforce/label/c.MediaGuard_Due';
import filterOpen from '@salesforce/label/c.MediaGuard_FilterOpen';
import filterOverdue from '@salesforce/label/c.MediaGuard_FilterOverdue';
import filterClosed from '@salesforce/label/c.MediaGuard_FilterClosed';
import mediaOnRecord from '@salesforce/label/c.MediaGuard_MediaOnRecord';
import provenanceFailed from '@salesforce/label/c.MediaGuard_ProvenanceFailed';
import loadingProvenance from '@salesforce/label/c.MediaGuard_LoadingProvenance';
import noMediaOnRecord from '@salesforce/label/c.MediaGuard_NoMediaOnRecord';
import explainHeld from '@salesforce/label/c.MediaGuard_ExplainHeld';
import explainFailed from '@salesforce/label/c.MediaGuard_ExplainFailed';
import explainCleared from '@salesforce/label/c.MediaGuard_ExplainCleared';
import explainReleased from '@salesforce/label/c.MediaGuard_ExplainReleased';
import explainQuarantined from '@salesforce/label/c.MediaGuard_ExplainQuarantined';
import explainConfirmedFake from '@salesforce/label/c.MediaGuard_ExplainConfirmedFake';
import auditChain from '@salesforce/label/c.MediaGuard_AuditChain';
import verifyChain from '@salesforce/label/c.MediaGuard_VerifyChain';
import checkedSoFar from '@salesforce/label/c.MediaGuard_CheckedSoFar';
import exactBytes from '@salesforce/label/c.MediaGuard_ExactBytes';
import chainIntact from '@salesforce/label/c.MediaGuard_ChainIntact';
import chainBroken from '@salesforce/label/c.MediaGuard_ChainBroken';
import auditFailed from '@salesforce/label/c.MediaGuard_AuditFailed';
import latestEntries from '@salesforce/label/c.MediaGuard_LatestEntries';
import activePolicy from '@salesforce/label/c.MediaGuard_ActivePolicy';
import policyFailed from '@salesforce/label/c.MediaGuard_PolicyFailed';
import thresholds from '@salesforce/label/c.MediaGuard_Thresholds';
import mediaType from '@salesforce/label/c.MediaGuard_MediaType';
import suspectFrom from '@salesforce/label/c.MediaGuard_SuspectFrom';
import syntheticFrom from '@salesforce/label/c.MediaGuard_SyntheticFrom';
import noActivePolicy from '@salesforce/label/c.MediaGuard_NoActivePolicy';
import loadingPolicy from '@salesforce/label/c.MediaGuard_LoadingPolicy';
import setup from '@salesforce/label/c.MediaGuard_Setup';
import setupFailed from '@salesforce/label/c.MediaGuard_SetupFailed';
import setupComplete from '@salesforce/label/c.MediaGuard_SetupComplete';
import loadingSetup from '@salesforce/label/c.MediaGuard_LoadingSetup';
import stepDone from '@salesforce/label/c.MediaGuard_StepDone';
import stepOpen from '@salesforce/label/c.MediaGuard_StepOpen';
import pinKeys from '@salesforce/label/c.MediaGuard_PinKeys';
import keysPinned from '@salesforce/label/c.MediaGuard_KeysPinned';
import actionReceived from '@salesforce/label/c.MediaGuard_ActionReceived';
import actionVerifying from '@salesforce/label/c.MediaGuard_ActionVerifying';
import actionHeld from '@salesforce/label/c.MediaGuard_ActionHeld';
import actionFailed from '@salesforce/label/c.MediaGuard_ActionFailed';
import actionCleared from '@salesforce/label/c.MediaGuard_ActionCleared';
import actionQuarantined from '@salesforce/label/c.MediaGuard_ActionQuarantined';
import actionReleased from '@salesforce/label/c.MediaGuard_ActionReleased';
import actionConfirmedFake from '@salesforce/label/c.MediaGuard_ActionConfirmedFake';
import actionExempted from '@salesforce/label/c.MediaGuard_ActionExempted';
import actionAttestationRejected from '@salesforce/label/c.MediaGuard_ActionAttestationRejected';
import actionVerdictIgnored from '@salesforce/label/c.MediaGuard_ActionVerdictIgnored';
import actionTakedownFailed from '@salesforce/label/c.MediaGuard_ActionTakedownFailed';
import actionLeftToSweep from '@salesforce/label/c.MediaGuard_ActionLeftToSweep';
import actionJobCrashed from '@salesforce/label/c.MediaGuard_ActionJobCrashed';
import actionAttachmentReplaced from '@salesforce/label/c.MediaGuard_ActionAttachmentReplaced';
import actionLinkNotWithdrawn from '@salesforce/label/c.MediaGuard_ActionLinkNotWithdrawn';
import actionLinkNotRestored from '@salesforce/label/c.MediaGuard_ActionLinkNotRestored';
import actionPublicLinkNotRevoked from '@salesforce/label/c.MediaGuard_ActionPublicLinkNotRevoked';
import actionNotHidden from '@salesforce/label/c.MediaGuard_ActionNotHidden';
import actionSharingNotRestored from '@salesforce/label/c.MediaGuard_ActionSharingNotRestored';
import actionDecisionRefused from '@salesforce/label/c.MediaGuard_ActionDecisionRefused';
import actionChannelChanged from '@salesforce/label/c.MediaGuard_ActionChannelChanged';
import actionFlowFailed from '@salesforce/label/c.MediaGuard_ActionFlowFailed';
import actionNoticeNotSent from '@salesforce/label/c.MediaGuard_ActionNoticeNotSent';
import actionLabelNotSent from '@salesforce/label/c.MediaGuard_ActionLabelNotSent';
import actionTakenDown from '@salesforce/label/c.MediaGuard_ActionTakenDown';
import actionCaseOpened from '@salesforce/label/c.MediaGuard_ActionCaseOpened';
import actionCaseDecided from '@salesforce/label/c.MediaGuard_ActionCaseDecided';
import actionDownloadRefused from '@salesforce/label/c.MediaGuard_ActionDownloadRefused';
import actionPropagationRefused from '@salesforce/label/c.MediaGuard_ActionPropagationRefused';
import actionAlarmed from '@salesforce/label/c.MediaGuard_ActionAlarmed';
import actionPolicyCreated from '@salesforce/label/c.MediaGuard_ActionPolicyCreated';
import actionPolicySubmitted from '@salesforce/label/c.MediaGuard_ActionPolicySubmitted';
import actionPolicyActivated from '@salesforce/label/c.MediaGuard_ActionPolicyActivated';
import actionPolicyChanged from '@salesforce/label/c.MediaGuard_ActionPolicyChanged';
import actionPolicyRetired from '@salesforce/label/c.MediaGuard_ActionPolicyRetired';
import actionChannelTrusted from '@salesforce/label/c.MediaGuard_ActionChannelTrusted';
import actionChannelRevoked from '@salesforce/label/c.MediaGuard_ActionChannelRevoked';
import actionItemChanged from '@salesforce/label/c.MediaGuard_ActionItemChanged';
import actionItemDeleted from '@salesforce/label/c.MediaGuard_ActionItemDeleted';
import actionSharingRepaired from '@salesforce/label/c.MediaGuard_ActionSharingRepaired';
import actionSharingAbandoned from '@salesforce/label/c.MediaGuard_ActionSharingAbandoned';

/** Every word of the workspace under one name each; tests see `c.MediaGuard_…` instead. */
export const labels = {
  statusHeld,
  statusVerifying,
  statusCleared,
  statusReleased,
  statusQuarantined,
  statusConfirmedFake,
  statusTakenDown,
  statusFailed,
  verdictAuthentic,
  verdictClear,
  verdictSuspect,
  verdictSynthetic,
  verdictTampered,
  verdictNotEvaluated,
  severityLow,
  severityMedium,
  severityHigh,
  severityCritical,
  caseOpen,
  caseInReview,
  caseAwaitingSecondDecision,
  caseClosed,
  unknown,
  information,
  exactBytes,
  success,
  warning,
  error,
  severity,
  verdict,
  score,
  notMeasured,
  mediaStatus,
  caseStatus,
  noFindings,
  noHistory,
  loadingPicture,
  pictureFailed,
  tryAgain,
  noPicture,
  heatMapOf,
  pictureOf,
  evidenceOf,
  findingsMore,
  findingsGroup,
  view,
  viewFrameStrip,
  viewFrameStripHelp,
  viewHeatMap,
  viewNumbered,
  viewOfModel,
  viewPage,
  viewPageHelp,
  viewPreview,
  viewRegionMap,
  viewRegionMapHelp,
  viewSpectrogram,
  viewSpectrogramHelp,
  heatMapHelp,
  decision,
  decisionRelease,
  decisionConfirmFake,
  reason,
  reasonPlaceholder,
  reasonTooShort,
  reasonMissing,
  decide,
  saving,
  decisionFailed,
  decidedBy,
  decidedAt,
  secondDecisionBy,
  secondDecisionHelp,
  confirmRelease,
  confirmFake,
  caseFailed,
  loadingCase,
  refresh,
  picture,
  findings,
  provenance,
  nearDuplicates,
  history,
  scoreNotMeasured,
  scoreIs,
  overdueByHours,
  dueInHours,
  decisionSaved,
  decisionSavedHelp,
  quarantine,
  show,
  quarantineFailed,
  loadingQuarantine,
  quarantineEmpty,
  quarantineEmptyForFilter,
  caseCount,
  media,
  uploadedBy,
  due,
  filterOpen,
  filterOverdue,
  filterClosed,
  mediaOnRecord,
  provenanceFailed,
  loadingProvenance,
  noMediaOnRecord,
  explainHeld,
  explainFailed,
  explainCleared,
  explainReleased,
  explainQuarantined,
  explainConfirmedFake,
  auditChain,
  verifyChain,
  checkedSoFar,
  chainIntact,
  chainBroken,
  auditFailed,
  latestEntries,
  activePolicy,
  policyFailed,
  thresholds,
  mediaType,
  suspectFrom,
  syntheticFrom,
  noActivePolicy,
  loadingPolicy,
  setup,
  setupFailed,
  setupComplete,
  loadingSetup,
  stepDone,
  stepOpen,
  pinKeys,
  keysPinned,
  actionReceived,
  actionVerifying,
  actionHeld,
  actionFailed,
  actionCleared,
  actionQuarantined,
  actionReleased,
  actionConfirmedFake,
  actionExempted,
  actionAttestationRejected,
  actionVerdictIgnored,
  actionTakedownFailed,
  actionLeftToSweep,
  actionJobCrashed,
  actionAttachmentReplaced,
  actionLinkNotWithdrawn,
  actionLinkNotRestored,
  actionPublicLinkNotRevoked,
  actionNotHidden,
  actionSharingNotRestored,
  actionDecisionRefused,
  actionChannelChanged,
  actionFlowFailed,
  actionNoticeNotSent,
  actionLabelNotSent,
  actionTakenDown,
  actionCaseOpened,
  actionCaseDecided,
  actionDownloadRefused,
  actionPropagationRefused,
  actionAlarmed,
  actionPolicyCreated,
  actionPolicySubmitted,
  actionPolicyActivated,
  actionPolicyChanged,
  actionPolicyRetired,
  actionChannelTrusted,
  actionChannelRevoked,
  actionItemChanged,
  actionItemDeleted,
  actionSharingRepaired,
  actionSharingAbandoned,
};
