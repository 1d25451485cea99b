declare module 'vue/dist/vue.runtime.global.prod.js' {
  const path: string;
  export default path;
}
declare module '*/open-plan.js' {
  const text: string;
  export default text;
}
