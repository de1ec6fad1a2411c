import type { Catalogue } from '..'
import { alarms } from './alarms'
import { commitment } from './commitment'
import { common } from './common'
import { data } from './data'
import { limits } from './limits'
import { me } from './me'
import { places } from './places'
import { register } from './register'
import { work } from './work'

export const en: Catalogue = { ...common, ...me, ...alarms, ...work, ...commitment, ...places, ...limits, ...data, ...register }
