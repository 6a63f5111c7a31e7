/** How far the reader's clock is from UTC at a moment: `+01:00`. */
export function zone(milliseconds: number): string {
  const minutes = -new Date(milliseconds).getTimezoneOffset();
  const two = (number: number): string => String(Math.floor(Math.abs(number))).padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`;
}
