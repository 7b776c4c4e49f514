import { everyOther } from "./axe";

everyOther(0);
