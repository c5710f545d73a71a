/** The middle of a list of numbers. */
export function median(numbers) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

/** `0.61 (0.58 to 0.64)`: a median with its spread. */
export function withSpread(numbers, digits = 2) {
  const text = (value) => value.toFixed(digits);
  return `${text(median(numbers))} (${text(Math.min(...numbers))} to ${text(Math.max(...numbers))})`;
}
