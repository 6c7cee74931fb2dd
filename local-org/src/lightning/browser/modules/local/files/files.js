/** Names, icons and bytes of files. */
import { showError } from 'local/notices';

const ICONS = {
  image: ['jpg', 'jpeg', 'png', 'gif', 'webp', 'heic', 'bmp', 'tiff', 'avif', 'svg'],
  audio: ['mp3', 'wav', 'm4a', 'flac', 'ogg', 'aac', 'opus'],
  video: ['mp4', 'mov', 'webm', 'mkv', 'avi'],
  pdf: ['pdf'],
  word: ['doc', 'docx'],
  excel: ['xls', 'xlsx'],
  csv: ['csv'],
  txt: ['txt', 'md', 'log'],
  zip: ['zip'],
};

export function fileKind(extension) {
  const name = (extension ?? '').toLowerCase();
  return Object.keys(ICONS).find((kind) => ICONS[kind].includes(name)) ?? 'unknown';
}

export const fileIcon = (extension) => `doctype:${fileKind(extension)}`;

export function fileSize(bytes) {
  if (bytes === null || bytes === undefined) return '';
  const units = ['B', 'KB', 'MB', 'GB'];
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? value : value.toFixed(1)} ${units[unit]}`;
}

export const downloadUrl = (versionId) =>
  `/sfc/servlet.shepherd/version/download/${versionId}?operationContext=S1`;

/** Asks first, so that a refusal is shown in the org's own words instead of leaving the page. */
export async function downloadFile(versionId) {
  const url = downloadUrl(versionId);
  const response = await fetch(url, {
    credentials: 'same-origin',
    headers: { Accept: 'application/json' },
  });
  if (!response.ok) {
    const body = await response.json().catch(() => ({ message: response.statusText }));
    showError('This file cannot be downloaded', { body });
    return false;
  }
  const name = /filename\*=UTF-8''([^;]+)/.exec(
    response.headers.get('Content-Disposition') ?? '',
  )?.[1];
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await response.blob());
  link.download = name ? decodeURIComponent(name) : 'download';
  link.click();
  window.setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  return true;
}
