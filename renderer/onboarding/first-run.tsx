export { Onboarding as FirstRun } from './onboarding.tsx'
