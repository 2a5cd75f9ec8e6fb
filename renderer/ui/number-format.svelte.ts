/** How numbers are written, as the settings say. Only text for people: configs and exports always have points. */
export const numberFormat = $state<{
  scoreDigits: number;
  decimals: 'point' | 'comma';
  thousands: 'space' | 'none';
}>({ scoreDigits: 4, decimals: 'point', thousands: 'space' });
