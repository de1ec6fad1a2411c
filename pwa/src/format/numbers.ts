const THIN_SPACE = '\u2009'
const MINUS = '\u2212'

/** A reading as the instrument shows it: fixed decimals, real minus, thin spaces between thousands; no reading is a dash. */
export function formatNumber(value: number | null | undefined, decimals = 0): string {
  if (value == null || !Number.isFinite(value)) return '—'
  const [whole = '0', fraction] = Math.abs(value).toFixed(decimals).split('.')
  const grouped = whole.length > 4 || Math.abs(value) >= 1000 ? whole.replace(/\B(?=(\d{3})+$)/g, THIN_SPACE) : whole
  const digits = fraction ? `${grouped}.${fraction}` : grouped
  return value < 0 && /[1-9]/.test(digits) ? MINUS + digits : digits
}

/** A limit without the zeros an instrument would add: 90, 0.2, −0.3. */
export function formatLimit(value: number): string {
  const rounded = Number(value.toFixed(4))
  return (rounded < 0 ? MINUS : '') + String(Math.abs(rounded))
}

/** A share of a whole in percent with one decimal; nothing of nothing is a dash. */
export function formatShare(part: number, whole: number): string {
  return whole > 0 ? `${((part / whole) * 100).toFixed(1)} %` : '—'
}
