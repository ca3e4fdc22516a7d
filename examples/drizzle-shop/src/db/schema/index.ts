export * from "./customers";
export * from "./catalog";
export * from "./inventory";
export * from "./orders";
export * from "./payments";
export * from "./marketing";
export * from "./support";
export * from "./relations";
