import { LightningElement, wire } from 'lwc';
import getCases from '@salesforce/apex/MediaQuarantineListController.getCases';
import { refreshApex } from '@salesforce/apex';
import { NavigationMixin } from 'lightning/navigation';
import { format, formatScore, lookOf, severityRank } from 'c/mediaFormat';
import { labels } from 'c/mediaLabels';
import { onVerdict } from 'c/mediaVerdictEvents';

const COLUMNS = [
  {
    label: labels.media,
    fieldName: 'url',
    type: 'url',
    sortable: true,
    wrapText: true,
    typeAttributes: { label: { fieldName: 'title' }, tooltip: { fieldName: 'title' } },
  },
  { label: labels.severity, fieldName: 'severityLabel', sortable: true, initialWidth: 110 },
  { label: labels.verdict, fieldName: 'verdictLabel', sortable: true, initialWidth: 140 },
  { label: labels.score, fieldName: 'scoreText', sortable: true, initialWidth: 110 },
  { label: labels.uploadedBy, fieldName: 'uploadedBy', sortable: true, initialWidth: 160 },
  {
    label: labels.due,
    fieldName: 'dueAt',
    type: 'date',
    sortable: true,
    initialWidth: 190,
    cellAttributes: { class: { fieldName: 'dueClass' } },
    typeAttributes: {
      year: 'numeric',
      month: 'short',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    },
  },
  { label: labels.caseStatus, fieldName: 'statusLabel', sortable: true, initialWidth: 190 },
];

/** What a column that shows a label sorts by. */
const SORT_KEYS = {
  url: (row) => row.title,
  severityLabel: (row) => -severityRank(row.severity),
  scoreText: (row) => row.score ?? -1,
};

export default class MediaQuarantineList extends NavigationMixin(LightningElement) {
  labels = labels;
  columns = COLUMNS;
  filter = 'Open';
  sortedBy = 'dueAt';
  sortedDirection = 'asc';
  rows = [];
  error;
  wired;
  stopListening;
  isLoading = true;

  filters = [
    { value: 'Open', label: labels.filterOpen },
    { value: 'Overdue', label: labels.filterOverdue },
    { value: 'Closed', label: labels.filterClosed },
  ];

  @wire(getCases, { filter: '$filter' })
  async handleCases(result) {
    this.wired = result;
    if (result.data) {
      this.rows = await Promise.all(result.data.map((row) => this.decorate(row)));
      this.sort();
    }
    this.error = result.error;
    this.isLoading = !result.data && !result.error;
  }

  async connectedCallback() {
    this.stopListening = await onVerdict(() => this.handleRefresh());
  }

  disconnectedCallback() {
    this.stopListening?.();
  }

  get isEmpty() {
    return this.rows.length === 0;
  }

  get emptyTitle() {
    return this.filter === 'Open' ? labels.quarantineEmpty : labels.quarantineEmptyForFilter;
  }

  get countText() {
    return format(labels.caseCount, this.rows.length);
  }

  handleFilterChange(event) {
    this.filter = event.detail.value;
    this.rows = [];
    this.isLoading = true;
  }

  handleRefresh() {
    return refreshApex(this.wired);
  }

  handleSort(event) {
    this.sortedBy = event.detail.fieldName;
    this.sortedDirection = event.detail.sortDirection;
    this.sort();
  }

  async decorate(row) {
    const isOverdue =
      row.status !== 'Closed' && row.dueAt && new Date(row.dueAt).getTime() < Date.now();
    return {
      ...row,
      url: await this[NavigationMixin.GenerateUrl]({
        type: 'standard__recordPage',
        attributes: { recordId: row.id, actionName: 'view' },
      }),
      severityLabel: lookOf(row.severity).label,
      verdictLabel: lookOf(row.verdict).label,
      statusLabel: lookOf(row.status).label,
      scoreText: formatScore(row.score) ?? labels.notMeasured,
      dueClass: isOverdue ? 'slds-text-color_error' : '',
    };
  }

  sort() {
    const keyOf = SORT_KEYS[this.sortedBy] ?? ((row) => row[this.sortedBy] ?? '');
    const direction = this.sortedDirection === 'asc' ? 1 : -1;
    this.rows = [...this.rows].sort((left, right) => {
      const [first, second] = [keyOf(left), keyOf(right)];
      return first < second ? -direction : Number(first > second) * direction;
    });
  }
}
