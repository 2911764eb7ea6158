/** `10 m`, `1 km`: the same in every language of the app. */
export const kilometres = (metres: number): string => (metres >= 1000 ? `${String(metres / 1000).replace(/\B(?=(\d{3})+$)/g, " ")} km` : `${metres} m`);
